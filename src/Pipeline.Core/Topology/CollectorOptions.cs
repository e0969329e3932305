namespace Pipeline.Core.Topology;

/// <summary>The collector itself and its HTTP port.</summary>
public sealed record CollectorOptions
{
    /// <summary>What it is called in <c>md.status</c>; each collector that writes there needs a name of its own. Default <c>collector-1</c>.</summary>
    public string Name { get; init; } = "collector-1";

    /// <summary>Address and port of <c>/livez</c>, <c>/readyz</c>, <c>/metrics</c> … Default <c>http://127.0.0.1:8081</c>.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:8081");

    /// <summary>
    /// What <c>POST /rotate</c> and <c>/reload</c> must bear as <c>Authorization: Bearer</c>; null = they are taken from this machine alone.
    /// </summary>
    public string? AdminToken { get; init; }

    /// <summary>Without the token: options are printed.</summary>
    public override string ToString() => $"CollectorOptions {{ Name = {Name}, Listen = {Listen} }}";
}
