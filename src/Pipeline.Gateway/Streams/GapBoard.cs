namespace Pipeline.Gateway.Streams;

/// <summary>Holes that are open, and the newest that are closed. Only for the hub's thread.</summary>
internal sealed class GapBoard
{
    public IReadOnlyList<GapRow> Open => throw new NotImplementedException();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<GapRow> Recent => throw new NotImplementedException();
}
