namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// Told what happens to a leg, on the thread where it happens: its receive loop, a timer. What takes more than a look is to be put aside.
/// </summary>
internal interface ILegObserver
{
    void Opened(Leg leg, ReconnectionInfo info);

    /// <summary>A socket ended or an attempt failed.</summary>
    void Lost(Leg leg, DisconnectionInfo info);

    /// <summary>The venue is about to end its socket.</summary>
    void ShutdownAnnounced(Leg leg, ShutdownNotice notice);

    void RetryScheduled(Leg leg, RetryInfo info);

    /// <summary>It will never open a socket again, and its frames have ended.</summary>
    /// <param name="error">Why it was given up; null when it was closed.</param>
    void Ended(Leg leg, Exception? error);

    void Settled(Leg leg, SubscriptionOutcome outcome);

    /// <summary>The first data of a socket, before anybody else sees it.</summary>
    /// <param name="silence">Since the newest data of the sockets before; null when there was none.</param>
    void FirstData(Leg leg, FrameBatch batch, TimeSpan? silence);

    /// <summary>Frames arrived, and market data among them or not.</summary>
    void Arrived(Leg leg, bool isData);

    /// <summary>It was busy and has been silent for too long; told once per silence.</summary>
    void Silent(Leg leg);

    /// <summary>The silence that was told is over.</summary>
    void DataBack(Leg leg);

    /// <summary>Its receive loop is held back for longer than is ordinary.</summary>
    void Paused(Leg leg, TimeSpan held);

    void Resumed(Leg leg, TimeSpan lasted);

    /// <summary>Its receive loop is held back for longer than a venue is made to wait.</summary>
    void Overloaded(Leg leg);
}
