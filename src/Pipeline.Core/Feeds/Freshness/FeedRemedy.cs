namespace Pipeline.Core.Feeds.Freshness;

/// <summary>What a feed can do, as plain calls.</summary>
/// <param name="resubscribe">See <see cref="IStreamRemedy.Resubscribe"/>.</param>
/// <param name="suspect">See <see cref="IStreamRemedy.Suspect"/>.</param>
public sealed class FeedRemedy(Func<string, bool> resubscribe, Action<string, string> suspect) : IStreamRemedy
{
    public bool Resubscribe(string stream) => resubscribe(stream);

    public void Suspect(string connection, string reason) => suspect(connection, reason);
}
