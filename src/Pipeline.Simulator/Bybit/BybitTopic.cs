using System.Text;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Bybit;

/// <summary>Something that can be subscribed.</summary>
/// <param name="name">Such as <c>publicTrade.BTCUSDT</c>.</param>
/// <param name="hasState">Whether a newcomer is told the state first.</param>
internal sealed class BybitTopic(string name, bool hasState = false)
{
    public string Name { get; } = name;

    /// <summary>How every frame begins.</summary>
    public byte[] Head { get; } = Encoding.UTF8.GetBytes($"{{\"topic\":\"{name}\",");

    public Subscribers<BybitSession> Subscribers { get; } = new();

    public bool IsWanted => Subscribers.IsWanted;

    public void Add(BybitSession session) => Subscribers.Add(session, hasState);
}
