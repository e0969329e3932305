namespace Pipeline.Simulator.Sockets;

/// <summary>Copies frames into the outboxes of sessions and hands them to the sockets together. Used by one publisher.</summary>
internal sealed class FrameSender
{
    private readonly List<IPublishedSession> _touched = [];

    /// <summary>The stream that the frames sent from now on belong to, as its subscribers name it.</summary>
    public string Stream { get; set; } = "";

    /// <param name="sessions">Who gets it.</param>
    /// <param name="frame">A frame, header included.</param>
    public void Send(ReadOnlySpan<IPublishedSession> sessions, ReadOnlySpan<byte> frame)
    {
        foreach (var session in sessions)
        {
            Send(session, frame);
        }
    }

    /// <summary>As above, to one.</summary>
    public void Send(IPublishedSession session, ReadOnlySpan<byte> frame)
    {
        session.Connection.Publish(Stream, frame);
        session.NotePush();
        if (!session.HasUnsent)
        {
            session.HasUnsent = true;
            _touched.Add(session);
        }
    }

    /// <summary>Lets the connections send what was queued.</summary>
    public void Flush()
    {
        foreach (var session in _touched)
        {
            session.HasUnsent = false;
            session.Connection.Wake();
        }

        _touched.Clear();
    }
}
