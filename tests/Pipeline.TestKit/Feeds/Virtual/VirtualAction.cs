namespace Pipeline.TestKit.Feeds.Virtual;

internal sealed class VirtualAction(Action action) : IVirtualEvent
{
    public void Happen() => action();
}
