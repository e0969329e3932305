namespace Pipeline.Core.Feeds;

/// <summary>One connection at one instant.</summary>
/// <param name="Id">Its name, such as <c>binance-1</c>.</param>
/// <param name="Streams">Streams wished for on it.</param>
/// <param name="IsRunning">Whether its socket is open.</param>
/// <param name="Confirmed">Streams confirmed on it.</param>
/// <param name="IsReady">Whether all its streams are confirmed.</param>
/// <param name="CreatedAt">Market-clock time, microseconds since the Unix epoch.</param>
/// <param name="LastMessageAt">Arrival of its newest frame in the same unit; 0 before the first.</param>
/// <param name="Frames">Frames received since creation.</param>
/// <param name="Reconnections">Sockets opened after the first.</param>
public sealed record ConnectionStatistics(
    string Id, int Streams, int Confirmed, bool IsRunning, bool IsReady, long CreatedAt, long LastMessageAt, long Frames, int Reconnections)
{
    /// <summary>Whether new streams are put on it.</summary>
    public bool IsHealthy { get; init; }

    /// <summary>When a stream was last put on it or taken from it; market-clock time, microseconds since the Unix epoch.</summary>
    public long LastUsed { get; init; }

    /// <summary>Bytes of frames received since creation, headers included, before inflation.</summary>
    public long WireBytes { get; init; }

    /// <summary>Bytes of messages received since creation, after inflation.</summary>
    public long PayloadBytes { get; init; }

    /// <summary>On the wire, mean of the last ten seconds.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Whether the open socket's compression was negotiated.</summary>
    public bool IsCompressed { get; init; }
}
