using Pipeline.Fanout;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>A path at which WebSockets are opened, and what is spoken behind it.</summary>
/// <param name="Path">Such as <c>/ws</c>; compared as it stands.</param>
/// <param name="Protocol">As metrics name it.</param>
/// <param name="TokenMayFollow">Whether a client may come without a token, because what is spoken behind the path asks for it.</param>
/// <param name="Decide">Asked when origin, limits and token are in order.</param>
internal sealed record LinkEntrance(string Path, string Protocol, bool TokenMayFollow, Func<UpgradeRequest, SessionInfo, LinkDecision> Decide);
