using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>What the hub knows between two records. Only for the hub's thread, within <see cref="IHubCommand.Run"/> and workers.</summary>
internal sealed class HubView(HubState state)
{
    /// <summary>Time of this turn, microseconds since the Unix epoch, UTC.</summary>
    public long Now => state.Now;

    /// <summary>Id of the log, the <c>epoch</c> of clients; empty while none is known.</summary>
    public string LogId => state.LogId;

    /// <summary>Everything that was in the log at the start has been read.</summary>
    public bool IsCaughtUp => state.IsCaughtUp;

    /// <summary>Every stream seen, with its figures and health.</summary>
    public StreamTable Streams => state.Streams;

    /// <summary>Also for other threads: <see cref="GatewayHub.Instruments"/>.</summary>
    public IInstrumentFinder Instruments => state.Instruments;

    /// <summary>Open and recent holes.</summary>
    public GapBoard Gaps => state.Gaps;

    /// <summary>What was counted so far.</summary>
    public HubCounts Counts => state.Counts;

    /// <summary>What the collectors say of themselves.</summary>
    public StatusBoard Status => state.Status;

    /// <summary>Makes data messages.</summary>
    public DataFrames Frames => state.Frames;

    public HubOptions Options => state.Options;

    /// <summary>Records and bytes that could be replayed now.</summary>
    public (long Records, long Bytes) ReplayWindow =>
        (state.Partitions.All.Sum(log => (long)log.WindowRecords), state.Partitions.All.Sum(log => log.WindowBytes));

    /// <summary>Candle records that are kept for histories.</summary>
    public int KeptCandles => state.Candles.Count;

    /// <summary>Offset of the next record; -1 before the log began.</summary>
    public long PositionOf(TopicKind topic, int partition) => state.Partitions.Of(topic, partition)?.Position ?? -1;

    /// <summary>Offset of the next record in the partition where a stream's records lie; -1 before the log began.</summary>
    public long PositionOf(MarketStream stream) => state.Partitions.PositionOf(stream);

    /// <summary>Partition where a stream's records lie; -1 before the log began.</summary>
    public int PartitionOf(MarketStream stream) => state.Partitions.PartitionOf(stream);

    /// <summary>
    /// The newest record of each candle of a series that lies beyond an offset, oldest candle first: what a history that has come to this
    /// offset lacks.
    /// </summary>
    /// <param name="offset">Last offset that is not wanted; -1 = all that are kept.</param>
    public IReadOnlyList<StreamRecord> CandlesAfter(CandleSeries series, int partition, long offset) => state.Candles.After(series, partition, offset);

    /// <summary>Partition of a series' candles; -1 before the log began.</summary>
    public int PartitionOf(CandleSeries series) => state.Partitions.PartitionOf(series.Instrument);

    /// <summary>See <see cref="GatewayHub.ReleaseCandles"/>.</summary>
    public void ReleaseCandles(int partition, long offset) => state.Candles.Release(partition, offset);

    /// <summary>Runs a command now, or, while a log is being read, when that is done.</summary>
    public void WhenCaughtUp(IHubCommand command) => state.WhenCaughtUp(command);
}
