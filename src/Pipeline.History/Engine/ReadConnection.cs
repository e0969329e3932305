using Pipeline.History.Rows;

namespace Pipeline.History.Engine;

/// <summary>A connection that only reads, with its statements. For one thread at a time.</summary>
internal sealed class ReadConnection : IDisposable
{
    private readonly Database _database;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _log;
    private readonly Statement _offsets;
    private readonly Statement _series;
    private readonly Statement _newest;
    private readonly Statement _oldest;

    public ReadConnection(string path)
    {
        _database = Database.Open(path, isReader: true);
        _database.Run("PRAGMA cache_size = -8192");
        _begin = new Statement(_database, "BEGIN");
        _end = new Statement(_database, "COMMIT");
        _log = new Statement(_database, "SELECT id FROM logs ORDER BY log DESC LIMIT 1");
        _offsets = new Statement(_database, "SELECT partition, next FROM offsets");
        _series = new Statement(_database, "SELECT series, candles, newest FROM series WHERE venue = ?1 AND instrument = ?2 AND interval = ?3");
        _newest = new Statement(_database, "SELECT id, revision, value FROM candles WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3");
        _oldest = new Statement(_database, "SELECT id, revision, value FROM candles WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
    }

    /// <summary>Candles and position of one and the same moment.</summary>
    /// <exception cref="HistoryException">The file cannot be read.</exception>
    public CandlePage Read(in CandleQuery query)
    {
        try
        {
            _begin.Run();
            var position = ReadPosition();
            var (series, total, newest) = FindSeries(query.Series);
            var candles = new List<HistoryCandle>(Math.Min(query.Limit, 1_000));
            var hasMore = series is { } id && query.Limit > 0 && ReadCandles(query, id, candles);
            return new CandlePage(candles, hasMore, total, total == 0 ? long.MinValue : newest, position);
        }
        catch (FormatException error)
        {
            throw new HistoryException(HistoryFault.Damaged, $"A candle of {query.Series} in the history file is damaged: {error.Message} Move the file aside.", error);
        }
        finally
        {
            End();
        }
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _end, _log, _offsets, _series, _newest, _oldest })
        {
            statement.Dispose();
        }

        _database.Dispose();
    }

    private void End()
    {
        try
        {
            _end.Run();
        }
        catch (HistoryException)
        {
            // It never began.
        }
    }

    private StorePosition ReadPosition()
    {
        try
        {
            var logId = _log.Step() ? _log.Text(0) : null;
            var next = new Dictionary<int, long>();
            while (_offsets.Step())
            {
                next.Add((int)_offsets.Integer(0), _offsets.Integer(1));
            }

            return new StorePosition(logId, next);
        }
        finally
        {
            _log.Reset();
            _offsets.Reset();
        }
    }

    private (long? Series, long Total, long Newest) FindSeries(in SeriesKey key)
    {
        try
        {
            return _series.Bind(1, key.Venue).Bind(2, key.Instrument).Bind(3, key.Interval.Name).Step()
                ? (_series.Integer(0), _series.Integer(1), _series.Integer(2))
                : (null, 0, 0);
        }
        finally
        {
            _series.Reset();
        }
    }

    /// <summary>Fills in the candles; true when there are more.</summary>
    private bool ReadCandles(in CandleQuery query, long series, List<HistoryCandle> candles)
    {
        var statement = query.NewestFirst ? _newest : _oldest;
        try
        {
            statement.Bind(1, RowId.AtOrAfter(series, query.From)).Bind(2, RowId.AtOrAfter(series, query.To)).Bind(3, query.Limit + 1);
            while (statement.Step())
            {
                if (candles.Count == query.Limit)
                {
                    return true;
                }

                candles.Add(CandleCodec.Decode(statement.Bytes(2), RowId.TimeOf(statement.Integer(0)), (int)statement.Integer(1)));
            }

            return false;
        }
        finally
        {
            statement.Reset();
        }
    }
}
