using System.Collections.Concurrent;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.History.Engine;

namespace Pipeline.History;

/// <summary>
/// Final and revised candles of every series in one file that survives restarts and kills. One thread writes; queries go on beside it on
/// connections of their own, each on a snapshot. Nothing outside this project names the engine.
/// </summary>
public sealed class CandleStore : IDisposable
{
    // Batches in line; who writes more waits for its task anyway.
    private const int MaxWork = 64;

    private readonly HistoryOptions _options;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private readonly Database _database;
    private readonly WriteStatements _statements;
    private readonly SeriesTable _table;
    private readonly BatchWriter _writer;
    private readonly Retention _retention;
    private readonly ReadPool _readers;
    private readonly BlockingCollection<Action> _work = new(MaxWork);
    private readonly Thread _thread;
    private long _log;
    private volatile StorePosition _position;

    private CandleStore(HistoryOptions options, TimeProvider time, FileStream @lock, Database database)
    {
        (_options, _time, _lock, _database) = (options, time, @lock, database);
        Schema.Prepare(database, options.Path);

        // Normal: a power cut may take the last commits, positions and candles alike; they are read from the log again.
        database.Run("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864");
        _statements = new WriteStatements(database);
        _table = SeriesTable.Load(database);
        _writer = new BatchWriter(database, _statements, _table);
        _retention = new Retention(database, _statements, _table, options);
        _readers = new ReadPool(options.Path, options.Readers);
        _log = database.Integer("SELECT max(log) FROM logs");
        _position = ReadPosition();
        _thread = new Thread(Work) { IsBackground = true, Name = "history" };
        _thread.Start();
    }

    /// <summary>What is committed. For any thread.</summary>
    public StorePosition Position => _position;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="HistoryException">It is damaged, another program's, in use, or cannot be opened.</exception>
    public static CandleStore Open(HistoryOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var taken = FileLock.Take(options.Path);
        Database? database = null;
        try
        {
            database = Database.Open(options.Path, isReader: false);
            return new CandleStore(options, time, taken, database);
        }
        catch
        {
            database?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    /// <summary>
    /// As <see cref="Open"/>; but a damaged file is moved aside, with the time in its name, and an empty one made: candles come from the log
    /// again. Files of other programs or versions are never moved.
    /// </summary>
    /// <param name="movedTo">Where the damaged file lies now; null when there was none.</param>
    public static CandleStore OpenOrReplace(HistoryOptions options, TimeProvider time, out string? movedTo)
    {
        movedTo = null;
        try
        {
            return Open(options, time);
        }
        catch (HistoryException error) when (error.Fault == HistoryFault.Damaged)
        {
            movedTo = DamagedFile.MoveAside(options.Path, time.GetUtcNow());
            return Open(options, time);
        }
    }

    /// <summary>Makes a batch durable, candles and positions in one transaction. The batch must not be touched until then.</summary>
    /// <param name="logId">The log it was read from; when it is not that of <see cref="Position"/>, positions begin anew.</param>
    /// <exception cref="HistoryException">Nothing of it was written; <see cref="HistoryException.IsTransient"/> tells whether to try again.</exception>
    public Task<CommitResult> CommitAsync(CandleBatch batch, string logId)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentException.ThrowIfNullOrEmpty(logId);
        return RunAsync(() => Commit(batch, logId));
    }

    /// <summary>One bounded step of retention; between two steps whoever waits has a turn.</summary>
    /// <exception cref="HistoryException">Nothing was removed.</exception>
    public Task<TidyResult> TidyAsync() => RunAsync(() => _retention.Step(Now));

    /// <summary>Answers a query on the thread that asks, in the time of some page reads, once a connection is free.</summary>
    /// <exception cref="HistoryException">The file cannot be read.</exception>
    public CandlePage Read(in CandleQuery query) => _readers.Read(Checked(query));

    /// <summary>Answers a query on the thread pool, once a connection is free.</summary>
    /// <exception cref="HistoryException">The file cannot be read.</exception>
    public Task<CandlePage> ReadAsync(CandleQuery query, CancellationToken cancellation = default) => _readers.ReadAsync(Checked(query), cancellation);

    /// <summary>From memory, but for the size of the files. For any thread.</summary>
    public StoreStats Stats()
    {
        var series = _table.All.Where(row => row.Candles > 0).ToList();
        return new StoreStats(
            series.Count,
            series.Sum(row => row.Candles),
            SizeOf("") + SizeOf("-wal") + SizeOf("-shm"),
            series.Count == 0 ? null : series.Min(row => row.Oldest),
            series.Count == 0 ? null : series.Max(row => row.Newest),
            _position);
    }

    /// <summary>Ends after the batches in line.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _readers.Dispose();
        _statements.Dispose();
        _database.Dispose();
        _lock.Dispose();
        _work.Dispose();
    }

    /// <summary>Lets no more than so many pages be written, as a full disk does. For tests.</summary>
    internal Task LimitPagesAsync(long pages) => RunAsync(() => _database.Integer($"PRAGMA max_page_count = {pages}"));

    private long Now => MarketTime.Now(_time);

    private static CandleQuery Checked(in CandleQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, CandleQuery.MaxLimit);
        return query;
    }

    private CommitResult Commit(CandleBatch batch, string logId)
    {
        var isNewLog = _position.LogId != logId;
        var log = isNewLog ? _log + 1 : _log;
        var result = _writer.Write(batch, log, isNewLog ? logId : null);
        var next = isNewLog ? [] : new Dictionary<int, long>(_position.Next);
        foreach (var (partition, offset) in batch.Next)
        {
            next[partition] = offset;
        }

        _log = log;
        _position = new StorePosition(logId, next);
        return result;
    }

    private StorePosition ReadPosition()
    {
        if (_log == 0)
        {
            return StorePosition.None;
        }

        var next = new Dictionary<int, long>();
        using var statement = new Statement(_database, "SELECT partition, next FROM offsets");
        while (statement.Step())
        {
            next.Add((int)statement.Integer(0), statement.Integer(1));
        }

        return new StorePosition(_database.Text("SELECT id FROM logs ORDER BY log DESC LIMIT 1"), next);
    }

    private async Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        ObjectDisposedException.ThrowIf(_work.IsAddingCompleted, this);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return await done.Task;
    }

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }

    private long SizeOf(string suffix)
    {
        var file = new FileInfo(_options.Path + suffix);
        return file.Exists ? file.Length : 0;
    }
}
