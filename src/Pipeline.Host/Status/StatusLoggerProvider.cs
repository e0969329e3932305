using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Status;

/// <summary>Sends log entries to a status table as notes, one line each: a console logger would write across a live table.</summary>
internal sealed class StatusLoggerProvider(StatusTable table) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new StatusLogger(table, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        // Nothing is held: the table belongs to the command.
    }
}
