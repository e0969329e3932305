namespace Pipeline.Fanout;

/// <summary>Decides on handshakes: path, origin, token, limits. For any thread; quick.</summary>
public interface ILinkGate
{
    /// <summary>Whether this request is a WebSocket handshake that this server answers, and with what.</summary>
    LinkDecision Decide(UpgradeRequest request);
}
