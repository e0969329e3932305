using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo;

/// <summary>Reasons in the words that users of the protocol know, and what they mean for recovery.</summary>
public static class DisconnectReasons
{
    public static string ToText(this DisconnectReason reason) => reason switch
    {
        DisconnectReason.ClientLeft => "client namespace disconnect",
        DisconnectReason.ServerDisconnected => "server namespace disconnect",
        DisconnectReason.TransportClose => "transport close",
        DisconnectReason.TransportError => "transport error",
        DisconnectReason.PingTimeout => "ping timeout",
        DisconnectReason.ParseError => "parse error",
        DisconnectReason.SlowClient => "slow client",
        DisconnectReason.ForcedClose => "forced server close",
        _ => "server shutting down",
    };

    internal static DisconnectReason Of(EngineCloseReason reason) => reason switch
    {
        EngineCloseReason.TransportClose => DisconnectReason.TransportClose,
        EngineCloseReason.TransportError => DisconnectReason.TransportError,
        EngineCloseReason.PingTimeout => DisconnectReason.PingTimeout,
        EngineCloseReason.ParseError => DisconnectReason.ParseError,
        EngineCloseReason.SlowClient => DisconnectReason.SlowClient,
        EngineCloseReason.ForcedClose => DisconnectReason.ForcedClose,
        _ => DisconnectReason.ServerShutdown,
    };

    /// <summary>Whether the client did not mean it: then it may go on where it broke off.</summary>
    internal static bool IsRecoverable(this DisconnectReason reason) =>
        reason is not (DisconnectReason.ClientLeft or DisconnectReason.ServerDisconnected or DisconnectReason.ParseError);
}
