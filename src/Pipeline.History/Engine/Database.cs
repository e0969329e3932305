using System.Globalization;
using SQLitePCL;

namespace Pipeline.History.Engine;

/// <summary>One connection to the file. For one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private const int BusyMilliseconds = 5_000;

    private readonly string _path;
    private readonly sqlite3 _handle;

    static Database() => Batteries_V2.Init();

    private Database(string path, sqlite3 handle)
    {
        _path = path;
        _handle = handle;
    }

    public sqlite3 Handle => _handle;

    /// <exception cref="HistoryException">The file cannot be opened.</exception>
    public static Database Open(string path, bool isReader)
    {
        var flags = isReader ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var result = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new Database(path, handle);
        try
        {
            database.Check(result);
            database.Check(raw.sqlite3_busy_timeout(handle, BusyMilliseconds));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public void Run(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The one integer a query answers with.</summary>
    public long Integer(string sql)
    {
        using var statement = new Statement(this, sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    public string Text(string sql)
    {
        using var statement = new Statement(this, sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>Takes back what was not committed; nothing happens when nothing is open.</summary>
    public void RollBack() => _ = raw.sqlite3_exec(_handle, "ROLLBACK");

    /// <exception cref="HistoryException">The result is an error.</exception>
    public void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return;
        }

        throw Fault(result, _handle.IsInvalid ? "" : raw.sqlite3_errmsg(_handle).utf8_to_string());
    }

    public void Dispose() => _handle.Dispose();

    private HistoryException Fault(int result, string message)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"{message} ({result})");

        // The low byte is the kind, the rest its details.
        return (result & 0xff) switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new HistoryException(HistoryFault.Damaged,
                $"The history file {_path} is damaged: {what}. Stop the gateway, move {_path} and the files {_path}-wal and {_path}-shm aside, and start it"
                + " again: candles are read from Kafka anew; older ones than Kafka still has are in the file you moved."),
            raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM => new HistoryException(HistoryFault.Unwritable,
                $"The history file {_path} cannot be written now: {what}. Make room on its disk; nothing is lost, writing is tried again."),
            _ => new HistoryException(HistoryFault.Unreadable,
                $"The history file {_path} cannot be used: {what}. Check the path and its permissions."),
        };
    }
}
