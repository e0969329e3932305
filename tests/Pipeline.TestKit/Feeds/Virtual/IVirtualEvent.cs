namespace Pipeline.TestKit.Feeds.Virtual;

/// <summary>Something that happens at an instant of virtual time.</summary>
internal interface IVirtualEvent
{
    void Happen();
}
