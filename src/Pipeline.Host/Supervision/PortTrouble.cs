namespace Pipeline.Host.Supervision;

/// <summary>Why a port cannot be had, and what to do about it.</summary>
internal sealed record PortTrouble(string What, string Advice)
{
    public override string ToString() => $"{What}: {Advice}";
}
