namespace Pipeline.Core.Feeds.Freshness;

/// <summary>What can be done about a stream that misses data. Both return at once.</summary>
public interface IStreamRemedy
{
    /// <summary>Leaves a stream and subscribes to it again; false when no connection has it.</summary>
    bool Resubscribe(string stream);

    /// <summary>The connection that carries the stream may be mute: it is looked into, make before break.</summary>
    void Suspect(string connection, string reason);
}
