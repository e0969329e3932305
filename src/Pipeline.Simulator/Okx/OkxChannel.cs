using System.Text;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Okx;

/// <summary>Something that can be subscribed.</summary>
/// <param name="arg">Its name.</param>
/// <param name="business">On which of the two open endpoints.</param>
/// <param name="hasState">Whether a newcomer is told the state at once.</param>
internal sealed class OkxChannel(OkxArg arg, bool business = false, bool hasState = false)
{
    public OkxArg Arg { get; } = arg;

    public bool IsBusiness { get; } = business;

    /// <summary>How every frame of data begins.</summary>
    public byte[] Head { get; } = Encoding.UTF8.GetBytes($"{{\"arg\":{arg.Json},");

    public Subscribers<OkxSession> Subscribers { get; } = new();

    public bool IsWanted => Subscribers.IsWanted;

    public void Add(OkxSession session) => Subscribers.Add(session, hasState);
}
