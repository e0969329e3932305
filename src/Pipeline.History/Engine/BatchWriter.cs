using Pipeline.History.Rows;

namespace Pipeline.History.Engine;

/// <summary>Writes batches. For the writer's thread.</summary>
internal sealed class BatchWriter(Database database, WriteStatements statements, SeriesTable table)
{
    private readonly Dictionary<SeriesKey, SeriesRow> _changed = [];
    private readonly List<(long Id, int Index)> _order = [];
    private readonly byte[] _value = new byte[CandleCodec.MaxLength];
    private int _newSeries;

    /// <summary>
    /// Candles and positions become durable together, or neither does. Of records of one candle that of the newer log wins, then the
    /// higher revision, then the higher offset; so reading again what was read changes nothing.
    /// </summary>
    /// <param name="log">Number of the log in the file.</param>
    /// <param name="newLogId">The log begins with this batch: positions of the one before are forgotten; its candles stay until their keys come again.</param>
    /// <exception cref="HistoryException">Nothing was written.</exception>
    public CommitResult Write(CandleBatch batch, long log, string? newLogId)
    {
        try
        {
            statements.Begin.Run();
            if (newLogId is not null)
            {
                statements.AddLog.Bind(1, log).Bind(2, newLogId).Run();
                statements.ForgetOffsets.Run();
            }

            var result = WriteCandles(batch, log);
            WriteSeries();
            foreach (var (partition, next) in batch.Next)
            {
                statements.SetOffset.Bind(1, partition).Bind(2, next).Run();
            }

            statements.Commit.Run();
            table.Apply(_changed.Values);
            return result;
        }
        catch
        {
            database.RollBack();
            throw;
        }
        finally
        {
            _changed.Clear();
            _order.Clear();
            _newSeries = 0;
        }
    }

    private CommitResult WriteCandles(CandleBatch batch, long log)
    {
        // In the order of the tree each page is visited once; records of one candle stay in the order of the log.
        for (var i = 0; i < batch.Candles.Count; i++)
        {
            var item = batch.Candles[i];
            _order.Add((RowId.Of(SeriesOf(item.Series).Id, item.Candle.OpenTime), i));
        }

        _order.Sort();
        int added = 0, replaced = 0;
        foreach (var (id, index) in _order)
        {
            var item = batch.Candles[index];
            var series = _changed[item.Series];
            if (item.Candle.OpenTime > series.Newest)
            {
                Run(statements.Add, id, log, item);
                _changed[item.Series] = With(series, item.Candle.OpenTime);
                added++;
            }
            else
            {
                (added, replaced) = WriteInside(id, log, item, series, added, replaced);
            }
        }

        return new CommitResult(added, replaced, batch.Count - added - replaced);
    }

    private (int Added, int Replaced) WriteInside(long id, long log, in BatchedCandle item, SeriesRow series, int added, int replaced)
    {
        var find = statements.Find.Bind(1, id);
        var exists = find.Step();
        var isNewer = !exists || (log, item.Candle.Revision, item.Offset).CompareTo((find.Integer(0), (int)find.Integer(1), find.Integer(2))) > 0;
        find.Reset();
        if (!isNewer)
        {
            return (added, replaced);
        }

        Run(exists ? statements.Replace : statements.Add, id, log, item);
        if (exists)
        {
            return (added, replaced + 1);
        }

        _changed[item.Series] = With(series, item.Candle.OpenTime);
        return (added + 1, replaced);
    }

    private void Run(Statement statement, long id, long log, in BatchedCandle item)
    {
        var length = CandleCodec.Encode(item.Candle, _value);
        statement.Bind(1, id).Bind(2, log).Bind(3, item.Candle.Revision).Bind(4, item.Offset).Bind(5, _value.AsSpan(0, length)).Run();
    }

    private static SeriesRow With(SeriesRow series, long time) =>
        series with { Candles = series.Candles + 1, Oldest = Math.Min(series.Oldest, time), Newest = Math.Max(series.Newest, time) };

    private SeriesRow SeriesOf(in SeriesKey key)
    {
        if (_changed.TryGetValue(key, out var series))
        {
            return series;
        }

        series = table.Find(key);
        if (series is null)
        {
            series = SeriesRow.Empty(table.NextId(_newSeries++), key);
            if (series.Id > RowId.MaxSeries)
            {
                throw new HistoryException(HistoryFault.Unreadable, "The history file has as many series as it can have: move it aside.");
            }

            statements.AddSeries.Bind(1, series.Id).Bind(2, key.Venue).Bind(3, key.Instrument).Bind(4, key.Interval.Name).Run();
        }

        _changed[key] = series;
        return series;
    }

    private void WriteSeries()
    {
        foreach (var series in _changed.Values)
        {
            statements.SetSeries.Bind(1, series.Id).Bind(2, series.Candles).Bind(3, series.Oldest).Bind(4, series.Newest).Run();
        }
    }
}
