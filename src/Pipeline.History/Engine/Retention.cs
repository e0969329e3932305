using Pipeline.Core.Topology;
using Pipeline.History.Rows;

namespace Pipeline.History.Engine;

/// <summary>Removes what is too old or too much, a bounded piece at a time. For the writer's thread.</summary>
internal sealed class Retention(Database database, WriteStatements statements, SeriesTable table, HistoryOptions options)
{
    /// <summary>Candles removed in one step at most: some milliseconds.</summary>
    public const int StepCandles = 2_000;

    /// <summary>Pages given back to the disk in one step at most.</summary>
    private const int StepPages = 500;

    private const long PageBytes = 4096;

    /// <summary>One step.</summary>
    /// <param name="now">Microseconds since the Unix epoch, UTC.</param>
    /// <returns>Candles removed, and whether there is more to do.</returns>
    /// <exception cref="HistoryException">Nothing was removed.</exception>
    public TidyResult Step(long now)
    {
        if (FindAged(now) is var (aged, end))
        {
            return new TidyResult(Remove(aged, RowId.AtOrAfter(aged.Id, end)), 0, IsMore: true);
        }

        var pages = database.Integer("PRAGMA page_count");
        var free = database.Integer("PRAGMA freelist_count");
        if ((pages - free) * PageBytes > options.MaxSize && FindLongest() is { } longest)
        {
            return new TidyResult(0, Remove(longest, RowId.Last(longest.Id)), IsMore: true);
        }

        // Free pages are used again by what comes; only what is above the limit goes back.
        if (free > 0 && pages * PageBytes > options.MaxSize)
        {
            database.Run($"PRAGMA incremental_vacuum({StepPages})");
            return new TidyResult(0, 0, IsMore: true);
        }

        return default;
    }

    /// <summary>A series with candles that ended too long ago, and the open time up to which they did.</summary>
    private (SeriesRow Series, long End)? FindAged(long now)
    {
        foreach (var series in table.All)
        {
            var end = now - (long)options.AgeOf(series.Key.Interval).TotalMicroseconds - series.Key.Interval.Microseconds;
            if (series.Candles > 0 && series.Oldest < end)
            {
                return (series, end);
            }
        }

        return null;
    }

    /// <summary>A chart wants so many candles, whatever their length: who has most can do without some.</summary>
    private SeriesRow? FindLongest() => table.All.Where(series => series.Candles > 0).MaxBy(series => series.Candles);

    private int Remove(SeriesRow series, long end)
    {
        var first = RowId.First(series.Id);
        var stop = One(statements.Nth.Bind(1, first).Bind(2, end).Bind(3, StepCandles)) ?? end;
        var removed = (int)(One(statements.Count.Bind(1, first).Bind(2, stop)) ?? 0);
        try
        {
            statements.Begin.Run();
            statements.Remove.Bind(1, first).Bind(2, stop).Run();
            var oldest = One(statements.Nth.Bind(1, stop).Bind(2, RowId.Last(series.Id)).Bind(3, 0));
            var rest = oldest is { } id
                ? series with { Candles = series.Candles - removed, Oldest = RowId.TimeOf(id) }
                : SeriesRow.Empty(series.Id, series.Key);
            statements.SetSeries.Bind(1, rest.Id).Bind(2, rest.Candles).Bind(3, rest.Oldest).Bind(4, rest.Newest).Run();
            statements.Commit.Run();
            table.Apply([rest]);
            return removed;
        }
        catch
        {
            database.RollBack();
            throw;
        }
    }

    private static long? One(Statement statement)
    {
        try
        {
            return statement.Step() ? statement.Integer(0) : null;
        }
        finally
        {
            statement.Reset();
        }
    }
}
