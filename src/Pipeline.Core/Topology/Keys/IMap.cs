namespace Pipeline.Core.Topology.Keys;

/// <summary>A shape whose keys the user names, for those who only list them.</summary>
internal interface IMap
{
    /// <summary>An example of a key.</summary>
    string ItemName { get; }

    /// <summary>What stands under it.</summary>
    ValueShape Item { get; }
}
