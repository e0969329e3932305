using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>A connection that does what the test says, and notes what it is told.</summary>
internal sealed class FakePooledConnection(string name, string route = "", int legs = 1) : IPooledConnection
{
    private readonly Subject<FeedEvent> _events = new();
    private readonly HashSet<string> _streams = new(StringComparer.Ordinal);

    public string Name => name;

    public string Route => route;

    public int Legs => legs;

    public int Count => _streams.Count;

    public bool IsHealthy { get; set; } = true;

    public IObservable<FrameBatch> Frames { get; } = Observable.Never<FrameBatch>();

    public IObservable<FeedEvent> Events => _events;

    public IObservable<SubscriptionOutcome> Outcomes { get; } = Observable.Never<SubscriptionOutcome>();

    public IReadOnlyDictionary<string, StreamState> States => _streams.ToDictionary(stream => stream, _ => StreamState.Confirmed);

    public ConnectionStatistics Statistics => new(name, Count, Count, true, true, 0, 0, 0, 0);

    /// <summary>Why it was suspected.</summary>
    public List<string> Suspicions { get; } = [];

    /// <summary>Rotations asked for that have not ended.</summary>
    public List<(RotationCause Cause, TaskCompletionSource<RotationOutcome> Outcome)> Rotations { get; } = [];

    public void Open() => _events.OnNext(new ConnectionOpened("test", name, new ReconnectionInfo(ReconnectionReason.Initial, TimeSpan.Zero)));

    public void Tell(FeedEvent happened) => _events.OnNext(happened);

    public void Start()
    {
    }

    public void Subscribe(IReadOnlyCollection<string> streams) => _streams.UnionWith(streams);

    public void Unsubscribe(IReadOnlyCollection<string> streams) => _streams.ExceptWith(streams);

    public bool Renew(string stream) => _streams.Contains(stream);

    public void Suspect(string reason) => Suspicions.Add(reason);

    public Task<RotationOutcome> RotateAsync(RotationCause cause)
    {
        var outcome = new TaskCompletionSource<RotationOutcome>();
        Rotations.Add((cause, outcome));
        return outcome.Task;
    }

    /// <summary>Ends the rotation under way.</summary>
    public void EndRotation(bool isDone = true)
    {
        var (cause, outcome) = Rotations[^1];
        if (isDone)
        {
            Open();
        }

        var result = new RotationOutcome(name, isDone, isDone ? null : "its replacement was not ready", TimeSpan.FromSeconds(1), 0);
        _events.OnNext(new ConnectionRotated("test", name, cause, result));
        outcome.SetResult(result);
    }

    public Task ReconnectAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _events.OnCompleted();
        return ValueTask.CompletedTask;
    }
}
