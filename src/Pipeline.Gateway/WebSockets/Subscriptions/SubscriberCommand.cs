using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>Something a client wants of the hub; who waits for it is told when it was handled, whatever came of it.</summary>
/// <param name="needsLog">To be done when the log has been read. The client need not wait for that: its answer comes then.</param>
internal sealed class SubscriberCommand(Action<HubView> action, bool needsLog = false) : IHubCommand
{
    private readonly TaskCompletionSource _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _wasPutOff;

    /// <summary>Handled, or put off until the log has been read.</summary>
    public Task Handled => _handled.Task;

    public void Run(HubView view)
    {
        if (needsLog && !view.IsCaughtUp && !_wasPutOff)
        {
            _wasPutOff = true;
            view.WhenCaughtUp(this);
            _handled.TrySetResult();
            return;
        }

        try
        {
            action(view);
        }
        finally
        {
            _handled.TrySetResult();
        }
    }
}
