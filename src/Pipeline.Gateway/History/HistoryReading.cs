using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.History;

/// <summary>One reading of a log, until another begins.</summary>
internal sealed record HistoryReading(LogBeginning Log, CancellationTokenSource Ending)
{
    public CancellationToken Token { get; } = Ending.Token;
}
