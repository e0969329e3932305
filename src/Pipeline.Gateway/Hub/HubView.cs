using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>What the hub knows between two records. Only for the hub's thread, within <see cref="IHubCommand.Run"/>.</summary>
internal sealed class HubView
{
    /// <summary>Time of this turn, microseconds since the Unix epoch, UTC.</summary>
    public long Now => throw new NotImplementedException();

    /// <summary>Id of the log, the <c>epoch</c> of clients; empty while none is known.</summary>
    public string LogId => throw new NotImplementedException();

    /// <summary>Everything that was in the log at the start has been read.</summary>
    public bool IsCaughtUp => throw new NotImplementedException();

    /// <summary>Every stream seen, with its figures and health.</summary>
    public StreamTable Streams => throw new NotImplementedException();

    /// <summary>Also for other threads: <see cref="GatewayHub.Instruments"/>.</summary>
    public IInstrumentFinder Instruments => throw new NotImplementedException();

    /// <summary>Open and recent holes.</summary>
    public GapBoard Gaps => throw new NotImplementedException();

    /// <summary>What the collectors say of themselves.</summary>
    public StatusBoard Status => throw new NotImplementedException();

    /// <summary>How far each partition has been read.</summary>
    public IReadOnlyList<PartitionPosition> Positions => throw new NotImplementedException();

    /// <summary>Offset of the next record; -1 before the log began.</summary>
    public long PositionOf(TopicKind topic, int partition) => throw new NotImplementedException();

    /// <summary>
    /// The newest record of each candle of a series that lies beyond an offset, oldest candle first: what a history that has come to this
    /// offset lacks.
    /// </summary>
    /// <param name="offset">Last offset that is not wanted; -1 = all that are kept.</param>
    public IReadOnlyList<StreamRecord> CandlesAfter(CandleSeries series, int partition, long offset) => throw new NotImplementedException();

    /// <summary>Partition of a series' candles; -1 while none was seen.</summary>
    public int PartitionOf(CandleSeries series) => throw new NotImplementedException();
}
