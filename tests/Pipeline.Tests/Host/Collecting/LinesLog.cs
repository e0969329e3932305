using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Host.Collecting;

/// <summary>Keeps what is logged, from information up.</summary>
internal sealed class LinesLog : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public string[] Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _lines.Add(formatter(state, exception));
        }
    }
}
