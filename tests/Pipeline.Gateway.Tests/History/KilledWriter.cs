using System.Globalization;
using Pipeline.Core.Topology;
using Pipeline.History;

namespace Pipeline.Gateway.Tests.History;

/// <summary>
/// Goes on where the file ends, as fast as it can, and says after each batch up to which offset everything is durable. Which candle an
/// offset has is a rule, so that whoever killed it knows what must be there.
/// </summary>
internal static class KilledWriter
{
    public const string LogId = "killed";
    public const int SeriesCount = 7;
    private const int BatchRecords = 200;

    /// <summary>Series, number in it and revision of the record at an offset. Every fifth record is a revision of the one five before.</summary>
    public static (int Series, int Index, int Revision) RecordAt(long offset)
    {
        var isRevision = offset % 5 == 4 && offset >= 5;
        var of = isRevision ? offset - 4 : offset;
        return ((int)(of % SeriesCount), (int)(of / SeriesCount), isRevision ? 1 : 0);
    }

    public static async Task<int> RunAsync(string path)
    {
        using var store = CandleStore.Open(new HistoryOptions { Path = path }, TimeProvider.System);
        var batch = new CandleBatch();
        for (var offset = store.Position.NextOf(0); ;)
        {
            batch.Clear();
            for (var i = 0; i < BatchRecords; i++, offset++)
            {
                var (number, index, revision) = RecordAt(offset);
                var series = SampleCandles.Series(number);
                batch.Add(series, 0, offset, SampleCandles.Candle(series, index, revision));
            }

            await store.CommitAsync(batch, LogId);
            await Console.Out.WriteLineAsync(offset.ToString(CultureInfo.InvariantCulture));
            await Console.Out.FlushAsync();
        }
    }
}
