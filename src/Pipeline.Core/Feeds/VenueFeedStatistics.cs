namespace Pipeline.Core.Feeds;

/// <summary>One venue's feed at one instant. Counts are since the start, connections included that have been closed since.</summary>
public sealed record VenueFeedStatistics(string Venue, IReadOnlyList<ConnectionStatistics> Connections)
{
    /// <summary>Every stream that is wanted, or kept for a while after.</summary>
    public IReadOnlyList<StreamStatistics> Streams { get; init; } = [];

    public int TotalConnections => Connections.Count;

    public int ActiveConnections => Connections.Count(connection => connection.IsRunning);

    /// <summary>Streams wished for on connections.</summary>
    public int TotalStreams => Connections.Sum(connection => connection.Streams);

    /// <summary>Streams that the venue has confirmed on a connection that is open.</summary>
    public int ActiveStreams => Connections.Sum(connection => connection.Confirmed);

    /// <summary>On the wire, mean of the last ten seconds.</summary>
    public long BytesPerSecond => Connections.Sum(connection => connection.BytesPerSecond);

    /// <summary>Streams wished for that are on no connection: about to be placed, or without room.</summary>
    public int UnplacedStreams => Streams.Count(stream => stream.Connection is null);

    /// <summary>Streams that are not subscribed to, and why.</summary>
    public StreamTroubles Troubles { get; init; } = StreamTroubles.None;

    /// <summary>Frames received.</summary>
    public long TotalMessages { get; init; }

    /// <summary>
    /// Frames with market data: all that is no answer, pong or notice of the venue. Not all of them need be understood later. What a frame
    /// is the parser says: one that has not been read yet, or that nobody reads, counts here.
    /// </summary>
    public long RoutedMessages { get; init; }

    /// <summary>Frames without market data: answers, pongs, notices.</summary>
    public long UnroutedMessages { get; init; }

    /// <summary>Exceptions thrown by observers.</summary>
    public long CallbackErrors { get; init; }

    /// <summary>Sockets opened after the first one of their connection.</summary>
    public int Reconnections { get; init; }

    /// <summary>Attempts to connect that failed.</summary>
    public long ConnectionFailures { get; init; }
}
