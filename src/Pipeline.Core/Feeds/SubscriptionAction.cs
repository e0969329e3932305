namespace Pipeline.Core.Feeds;

public enum SubscriptionAction
{
    Subscribe,
    Unsubscribe,
}
