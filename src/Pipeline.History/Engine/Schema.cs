namespace Pipeline.History.Engine;

/// <summary>The tables of the file, and whose file it is.</summary>
internal static class Schema
{
    /// <summary>Raised with every change of a table that the program before it could not read.</summary>
    public const int Version = 1;

    // "PCnd": other programs' files are told apart before anything is written to them.
    private const int ApplicationId = 0x50436e64;

    private const string Tables = """
        CREATE TABLE logs (log INTEGER PRIMARY KEY, id TEXT NOT NULL);
        CREATE TABLE offsets (partition INTEGER PRIMARY KEY, next INTEGER NOT NULL);
        CREATE TABLE series (
            series INTEGER PRIMARY KEY, venue TEXT NOT NULL, instrument TEXT NOT NULL, interval TEXT NOT NULL,
            candles INTEGER NOT NULL, oldest INTEGER NOT NULL, newest INTEGER NOT NULL, UNIQUE (venue, instrument, interval));
        CREATE TABLE candles (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, revision INTEGER NOT NULL, offset INTEGER NOT NULL, value BLOB NOT NULL);
        """;

    /// <summary>Makes the tables of a new file, or makes sure that those of an old one are ours.</summary>
    /// <exception cref="HistoryException">The file is another program's, or of another version.</exception>
    public static void Prepare(Database database, string path)
    {
        var application = database.Integer("PRAGMA application_id");
        var version = database.Integer("PRAGMA user_version");
        if (application == 0 && version == 0 && database.Integer("SELECT count(*) FROM sqlite_master") == 0)
        {
            Create(database);
            return;
        }

        if (application != ApplicationId)
        {
            throw new HistoryException(HistoryFault.Foreign,
                $"{path} is another program's database. It is left as it is: name another file as history.path.");
        }

        if (version != Version)
        {
            throw new HistoryException(HistoryFault.Foreign,
                $"{path} has tables of version {version}, and this program knows version {Version}. It is left as it is: run the program it belongs to,"
                + " or move it aside; candles are then read from Kafka anew.");
        }
    }

    private static void Create(Database database)
    {
        // Both must be said before the first table. Freed pages can then be given back bit by bit.
        database.Run("PRAGMA auto_vacuum = INCREMENTAL");
        database.Run("PRAGMA journal_mode = WAL");
        database.Run($"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT");
    }
}
