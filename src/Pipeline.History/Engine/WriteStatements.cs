namespace Pipeline.History.Engine;

/// <summary>What the writer runs again and again.</summary>
internal sealed class WriteStatements(Database database) : IDisposable
{
    public Statement Begin { get; } = new(database, "BEGIN IMMEDIATE");

    public Statement Commit { get; } = new(database, "COMMIT");

    public Statement AddLog { get; } = new(database, "INSERT INTO logs (log, id) VALUES (?1, ?2)");

    public Statement ForgetOffsets { get; } = new(database, "DELETE FROM offsets");

    public Statement SetOffset { get; } = new(database,
        "INSERT INTO offsets (partition, next) VALUES (?1, ?2) ON CONFLICT (partition) DO UPDATE SET next = excluded.next");

    public Statement AddSeries { get; } = new(database,
        "INSERT INTO series (series, venue, instrument, interval, candles, oldest, newest) VALUES (?1, ?2, ?3, ?4, 0, 0, -1)");

    public Statement SetSeries { get; } = new(database, "UPDATE series SET candles = ?2, oldest = ?3, newest = ?4 WHERE series = ?1");

    public Statement Find { get; } = new(database, "SELECT log, revision, offset FROM candles WHERE id = ?1");

    public Statement Add { get; } = new(database, "INSERT INTO candles (id, log, revision, offset, value) VALUES (?1, ?2, ?3, ?4, ?5)");

    public Statement Replace { get; } = new(database, "UPDATE candles SET log = ?2, revision = ?3, offset = ?4, value = ?5 WHERE id = ?1");

    /// <summary>The id of the nth candle of a range: up to there a step of retention goes.</summary>
    public Statement Nth { get; } = new(database, "SELECT id FROM candles WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 1 OFFSET ?3");

    public Statement Count { get; } = new(database, "SELECT count(*) FROM candles WHERE id >= ?1 AND id < ?2");

    public Statement Remove { get; } = new(database, "DELETE FROM candles WHERE id >= ?1 AND id < ?2");

    public void Dispose()
    {
        foreach (var statement in new[]
        {
            Begin, Commit, AddLog, ForgetOffsets, SetOffset, AddSeries, SetSeries, Find, Add, Replace, Nth, Count, Remove,
        })
        {
            statement.Dispose();
        }
    }
}
