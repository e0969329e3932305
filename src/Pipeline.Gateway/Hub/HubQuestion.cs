namespace Pipeline.Gateway.Hub;

/// <summary>A function to be run between two records, and what it made.</summary>
internal sealed class HubQuestion<T>(Func<HubView, T> question) : IHubCommand
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public void Run(HubView view)
    {
        try
        {
            _answer.TrySetResult(question(view));
        }
        catch (Exception exception)
        {
            _answer.TrySetException(exception);
        }
    }
}
