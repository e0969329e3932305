using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;

namespace Pipeline.Tests.Feeds.Freshness;

/// <summary>Answers as it is told; where no answer is set, each question waits for one.</summary>
internal sealed class FakeStreamProbe : IStreamProbe
{
    private readonly Queue<TaskCompletionSource<ProbeResult>> _waiting = new();

    public ProbeResult? Answer { get; set; } = ProbeResult.UpToDate;

    public List<string> Asked { get; } = [];

    public List<long> Since { get; } = [];

    public int Waiting => _waiting.Count;

    public Task<ProbeResult> ProbeAsync(FeedStream stream, long since, CancellationToken cancellation)
    {
        Asked.Add(stream.Name);
        Since.Add(since);
        if (Answer is { } answer)
        {
            return Task.FromResult(answer);
        }

        var waiting = new TaskCompletionSource<ProbeResult>();
        _waiting.Enqueue(waiting);
        return waiting.Task;
    }

    public void Give(ProbeResult result) => _waiting.Dequeue().SetResult(result);
}
