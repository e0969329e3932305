using Pipeline.Gateway.Instruments;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// The one thread that owns streams, index, replay windows and who is in which room. Records come from a source on a thread of its own through
/// a bounded queue; whatever clients want comes as commands, which run between two records.
/// </summary>
internal sealed class GatewayHub : IAsyncDisposable
{
    public GatewayHub(IRecordSource source, HubOptions options, TimeProvider clock, IReadOnlyList<IRecordTap>? taps = null)
    {
        _ = (source, options, clock, taps);
    }

    /// <summary>Everything that was in the log at the start has been read; false again while another log is read.</summary>
    public bool IsCaughtUp => throw new NotImplementedException();

    /// <summary>For any thread.</summary>
    public IInstrumentFinder Instruments => throw new NotImplementedException();

    /// <summary>Begins to read.</summary>
    public void Start() => throw new NotImplementedException();

    /// <summary>Lets a command run between two records. For any thread; does not wait.</summary>
    /// <returns>False when the hub has ended, or too many wait already: then it will not run.</returns>
    public bool Post(IHubCommand command) => throw new NotImplementedException();

    /// <summary>Runs a function between two records and brings back what it made. For any thread.</summary>
    /// <exception cref="HubUnavailableException">The hub has ended, or too many commands wait.</exception>
    public Task<T> AskAsync<T>(Func<HubView, T> question, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Candles of a partition up to this offset, itself included, are stored: the hub need not keep them. For any thread.</summary>
    public void ReleaseCandles(int partition, long offset) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
