namespace Pipeline.Core.Diagnostics;

/// <content>Our candles against the venues' own.</content>
public sealed partial class PipelineMetrics
{
    private readonly AuditCounters _audit;

    public void AuditChecked(string venue) => _audit.Checked.Add(1, venue);

    /// <param name="cause">As <see cref="Audit.AuditNames"/> has it; <c>mended</c> when both agree now.</param>
    public void AuditDiffering(string venue, string cause) => (cause == "mended" ? _audit.Mended : _audit.Differing).Add(1, venue, cause);

    /// <param name="outcome"><c>asked</c>, <c>failed</c>, <c>skipped</c> (the next candle was due before its turn came) or <c>changed</c>.</param>
    public void AuditSample(string venue, string outcome, int count = 1) => _audit.Samples.Add(count, venue, outcome);

    /// <param name="outcome"><c>reopened</c>, or <c>nothing-missing</c> where no id is missing that could be asked for.</param>
    public void AuditRepair(string venue, string outcome) => _audit.Repairs.Add(1, venue, outcome);

    private sealed class AuditCounters(MetricSet set)
    {
        public TaggedCounter Checked { get; } = set.Add(
            "pipeline.audit.checked", "{candle}", "Candles compared with the venue's own", "venue");

        public TaggedCounter Differing { get; } = set.Add(
            "pipeline.candle.audit_mismatch", "{candle}", "Candles that did not say the same as the venue's own, by cause", "venue", "cause");

        public TaggedCounter Mended { get; } = set.Add(
            "pipeline.candle.audit_mended", "{candle}", "Candles that say the same as the venue's own after all", "venue", "cause");

        public TaggedCounter Samples { get; } = set.Add(
            "pipeline.audit.samples", "{request}", "Requests for a venue's candles by REST", "venue", "outcome");

        public TaggedCounter Repairs { get; } = set.Add(
            "pipeline.audit.repairs", "{request}", "Holes that were to be opened again because a venue's candle counts more", "venue", "outcome");
    }
}
