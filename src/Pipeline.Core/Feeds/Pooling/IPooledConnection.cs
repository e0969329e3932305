namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// A place for streams in a pool: the sockets that carry them one after the other, or side by side, are its own affair. All members may
/// be called from any thread.
/// </summary>
internal interface IPooledConnection : IAsyncDisposable
{
    /// <summary>Such as <c>binance-1</c>; stays the same when its socket is replaced.</summary>
    string Name { get; }

    /// <summary>The venue's address it is opened at; see <see cref="IVenueAdapter.RouteOf"/>.</summary>
    string Route { get; }

    /// <summary>Sockets side by side that carry its streams.</summary>
    int Legs => 1;

    /// <summary>Streams wished for on it.</summary>
    int Count { get; }

    /// <summary>Whether new streams should be put on it: it is open, or was never opened yet, and not suspected.</summary>
    bool IsHealthy { get; }

    /// <summary>Merged frames of its sockets, hot; ends when it is disposed of, fails when it is given up.</summary>
    IObservable<FrameBatch> Frames { get; }

    IObservable<FeedEvent> Events { get; }

    /// <summary>What became of wishes.</summary>
    IObservable<SubscriptionOutcome> Outcomes { get; }

    IReadOnlyDictionary<string, StreamState> States { get; }

    ConnectionStatistics Statistics { get; }

    /// <summary>Opens it, in the background.</summary>
    void Start();

    /// <summary>Wishes for streams, now and on every later socket.</summary>
    void Subscribe(IReadOnlyCollection<string> streams);

    /// <summary>Takes wishes back.</summary>
    void Unsubscribe(IReadOnlyCollection<string> streams);

    /// <summary>Leaves a stream and subscribes to it again, touching no other; false when it is not wanted here.</summary>
    bool Renew(string stream);

    /// <summary>
    /// Says that the connection may be mute: a replacement is opened at once, and takes over when it has data. Several calls while one
    /// is looked into change nothing.
    /// </summary>
    void Suspect(string reason);

    /// <summary>
    /// Replaces the socket, make before break. Completes when the old socket is closed, or the attempt was given up and the old one kept.
    /// </summary>
    Task<RotationOutcome> RotateAsync(RotationCause cause);

    /// <summary>Closes the socket and opens a new one: break before make. Completes when the old one is gone.</summary>
    Task ReconnectAsync();

    /// <summary>
    /// One of its streams comes over another connection too, because it moves: until <see cref="Part"/> what this one brings ahead of
    /// the other waits for what it lacks. Once for each stream.
    /// </summary>
    void Share()
    {
    }

    /// <summary>A stream that was shared has moved, or stays.</summary>
    void Part()
    {
    }

    /// <summary>Closes it for good, like disposing of it, and tells <paramref name="reason"/> as that of its disconnection.</summary>
    ValueTask CloseAsync(DisconnectionReason reason) => DisposeAsync();
}
