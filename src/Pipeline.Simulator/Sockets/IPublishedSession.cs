namespace Pipeline.Simulator.Sockets;

/// <summary>A session that a <see cref="FrameSender"/> serves.</summary>
internal interface IPublishedSession
{
    SimulatorConnection Connection { get; }

    /// <summary>The publisher's own mark: it has queued frames and not woken the connection yet.</summary>
    bool HasUnsent { get; set; }

    /// <summary>Something was queued: the connection is not idle.</summary>
    void NotePush();
}
