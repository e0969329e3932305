namespace Pipeline.Gateway.Streams;

/// <summary>The newest record of <c>md.status</c> of each collector and venue. Only for the hub's thread.</summary>
internal sealed class StatusBoard
{
    public IReadOnlyList<StatusRow> All => throw new NotImplementedException();
}
