namespace Pipeline.SocketIo;

/// <summary>An acknowledgement that the server waits for.</summary>
/// <param name="until">Milliseconds of the server's clock.</param>
internal sealed class PendingAck(long until)
{
    private readonly TaskCompletionSource<IoArguments> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Until => until;

    public Task<IoArguments> Answer => _answer.Task;

    public void Succeed(IoArguments arguments) => _answer.TrySetResult(arguments);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
