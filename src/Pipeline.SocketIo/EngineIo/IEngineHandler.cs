namespace Pipeline.SocketIo.EngineIo;

/// <summary>What is done with the sessions of an <see cref="EngineServer"/>. Calls for one session never overlap, but for those of <see cref="OnSweep"/> and <see cref="OnUpgraded"/>.</summary>
public interface IEngineHandler
{
    /// <summary>The handshake is done; sending may begin.</summary>
    void OnOpened(EngineSession session);

    /// <summary>
    /// A message. Nothing more is taken from this client until the task is done, not even its pong: long work belongs elsewhere. The
    /// payload is lent for that time.
    /// </summary>
    ValueTask OnMessageAsync(EngineSession session, ReadOnlyMemory<byte> payload, bool isBinary);

    /// <summary>The session ended, whoever ended it. The last call, and exactly one.</summary>
    void OnClosed(EngineSession session, EngineCloseReason reason);

    /// <summary>The session goes on over a WebSocket.</summary>
    void OnUpgraded(EngineSession session)
    {
    }

    /// <summary>Comes round for every open session a few times per <see cref="EngineOptions.PingTimeout"/>, at any time; quick.</summary>
    /// <param name="now">Milliseconds of <see cref="EngineServer.Now"/>.</param>
    void OnSweep(EngineSession session, long now)
    {
    }
}
