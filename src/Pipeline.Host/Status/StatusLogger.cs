using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Status;

/// <summary>One category of <see cref="StatusLoggerProvider"/>.</summary>
internal sealed class StatusLogger(StatusTable table, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        if (table.IsJson)
        {
            table.Log(logLevel, category, eventId, state, formatter(state, exception), exception);
            return;
        }

        var text = $"{Word(logLevel)}{category}: {formatter(state, exception)}";
        table.Note(exception is null ? text : $"{text} ({exception.GetType().Name}: {exception.Message})", ToneOf(logLevel));
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Warning => "warning ",
        LogLevel.Error => "error ",
        LogLevel.Critical => "critical ",
        _ => "",
    };

    private static StatusTone ToneOf(LogLevel level) => level switch
    {
        LogLevel.Warning => StatusTone.Warning,
        LogLevel.Error or LogLevel.Critical => StatusTone.Bad,
        _ => StatusTone.Plain,
    };
}
