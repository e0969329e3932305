using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Host.Collecting;
using Pipeline.Host.Venues;

namespace Pipeline.Tests.Host.Collecting;

/// <summary>A feed that notes what is asked of it: <c>+stream</c> and <c>-stream</c>, in order.</summary>
internal sealed class FakeIntake : IVenueIntake, IStreamSubscriptions
{
    private readonly StreamWishes _wishes;
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];

    public FakeIntake(VenuePlan plan)
    {
        _wishes = new StreamWishes(this, Catalog);
        _wishes.Follow(plan.Streams);
    }

    public StreamCatalog Catalog { get; } = new();

    public List<string> Gone { get; } = [];

    public bool IsDisposed { get; private set; }

    public string[] TakeCalls()
    {
        lock (_gate)
        {
            string[] calls = [.. _calls];
            _calls.Clear();
            return calls;
        }
    }

    public Task<StreamDifference> FollowAsync(VenuePlan plan, IReadOnlyList<Instrument> gone, CancellationToken cancellation)
    {
        Gone.AddRange(gone.Select(one => one.Id));
        return Task.FromResult(_wishes.Follow(plan.Streams));
    }

    public void Update(FeedStream stream) => Note($"{stream.Name} {stream.Legs}");

    public IDisposable Subscribe(FeedStream stream)
    {
        Note($"+{stream.Name}");
        return System.Reactive.Disposables.Disposable.Create(() => Note($"-{stream.Name}"));
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private void Note(string call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }
    }
}
