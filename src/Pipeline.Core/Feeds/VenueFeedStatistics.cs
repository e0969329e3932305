namespace Pipeline.Core.Feeds;

/// <summary>One venue's feed at one instant.</summary>
public sealed record VenueFeedStatistics(string Venue, IReadOnlyList<ConnectionStatistics> Connections)
{
    public int TotalConnections => Connections.Count;

    public int ActiveConnections => Connections.Count(connection => connection.IsRunning);

    /// <summary>Streams wished for.</summary>
    public int TotalStreams => Connections.Sum(connection => connection.Streams);

    /// <summary>Frames received since the start.</summary>
    public long TotalMessages => Connections.Sum(connection => connection.Frames);

    /// <summary>On the wire, mean of the last ten seconds.</summary>
    public long BytesPerSecond => Connections.Sum(connection => connection.BytesPerSecond);

    public int Reconnections => Connections.Sum(connection => connection.Reconnections);
}
