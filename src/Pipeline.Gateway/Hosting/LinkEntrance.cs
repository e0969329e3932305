using Pipeline.Fanout;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>A path at which WebSockets are opened, and what is spoken behind it.</summary>
/// <param name="Path">Such as <c>/ws</c>; compared as it stands.</param>
/// <param name="Protocol">As metrics name it.</param>
/// <param name="Decide">Asked when origin, limits and token are in order.</param>
internal sealed record LinkEntrance(string Path, string Protocol, Func<UpgradeRequest, SessionInfo, LinkDecision> Decide);
