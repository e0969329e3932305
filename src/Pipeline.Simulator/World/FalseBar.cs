namespace Pipeline.Simulator.World;

/// <summary>A closed bar of which something wrong was told.</summary>
/// <param name="Series">Index into <see cref="KlineKey.All"/> of the first series with these windows.</param>
/// <param name="Right">What it really is.</param>
/// <param name="Told">What was told.</param>
internal sealed record FalseBar(int Series, string Field, KlineBar Right, KlineBar Told)
{
    /// <summary>It was told again, right.</summary>
    public bool IsCorrected { get; set; }
}
