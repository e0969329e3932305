namespace Pipeline.Simulator.Okx;

/// <summary>The three WebSocket addresses.</summary>
internal enum OkxEndpoint
{
    Public,
    Business,
    Private,
}
