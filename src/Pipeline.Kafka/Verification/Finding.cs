namespace Pipeline.Kafka.Verification;

/// <summary>One thing that a proof found, and where.</summary>
/// <param name="Topic">Full name.</param>
/// <param name="Offset">Offset of the record; -1 where it is about what is not there.</param>
/// <param name="Instrument"><c>venue:instrument</c>; empty where it concerns none.</param>
/// <param name="What">For people: ids, fields and values.</param>
public sealed record Finding(FindingKind Kind, string Topic, int Partition, long Offset, string Instrument, string What)
{
    public FindingSeverity Severity => FindingKinds.SeverityOf(Kind);

    public override string ToString()
    {
        var at = Topic.Length == 0 ? "" : Offset < 0 ? $" {Topic}[{Partition}]" : $" {Topic}[{Partition}]@{Offset}";
        return $"{FindingKinds.NameOf(Kind)}{at}{(Instrument.Length == 0 ? "" : $" {Instrument}")}: {What}";
    }
}
