using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>One hole as the ledger tells it: its newest record, and where it was opened.</summary>
internal sealed class GapEntry(GapRow row, long offset)
{
    public GapRow Row { get; set; } = row;

    /// <summary>Offset of the newest record in <c>md.gaps</c>.</summary>
    public long Offset { get; set; } = offset;

    /// <summary>Offset in <c>md.trades</c> before which nothing of the hole lies; -1 = not known.</summary>
    public long OpenTradesOffset { get; set; } = row.IsOpen ? row.TradesOffset : -1;

    public IdRange Range => new(Row.FromId, Row.ToId);

    /// <summary>Ended, and the trades were read as far as its end says.</summary>
    public bool IsClosed(long tradesPosition) => !Row.IsOpen && Row.TradesOffset <= tradesPosition;
}
