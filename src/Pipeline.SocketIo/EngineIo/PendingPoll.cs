namespace Pipeline.SocketIo.EngineIo;

/// <summary>A request that waits for something to send. Whoever answers it goes on at once; the response is written on another thread.</summary>
internal sealed class PendingPoll(EngineSession session)
{
    private readonly TaskCompletionSource<PollAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<PollAnswer> Answer => _answer.Task;

    public void Complete(PollAnswer answer) => _answer.TrySetResult(answer);

    /// <summary>The client gave the request up.</summary>
    public void Abort() => session.OnPollAborted(this);
}
