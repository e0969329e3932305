namespace Pipeline.Core.Topology.Keys;

internal static class RecordKeys
{
    public static Section<RecordOptions> Make() =>
        new Section<RecordOptions>(() => new RecordOptions())
            .Key("enabled", new FlagShape(), o => o.Enabled, (o, v) => o with { Enabled = v },
                "Whether the collector records the frames it takes, each venue for itself, for 'pipeline replay'.")
            .Key("to", new TextShape("a path, or kafka", "^[^\\s].{0,500}$"), o => o.To, (o, v) => o with { To = v },
                "Folder for the files VENUE-TIME.rec, made when missing; or kafka: the topic md.raw, which needs kafka.raw: true.")
            .Key("holds", new FlagShape(), o => o.Holds, (o, v) => o with { Holds = v },
                "True: connections wait while the disk or the brokers are slow. False: what does not fit is left out and counted.")
            .Key("rotateSize", new SizeShape(SizeShape.MiB, 1024 * SizeShape.GiB), o => o.RotateSize, (o, v) => o with { RotateSize = v },
                "Size of a file after which the next one begins.")
            .Key("rotateAge", new DurationShape(TimeSpan.FromMinutes(1), TimeSpan.FromDays(31)), o => o.RotateAge, (o, v) => o with { RotateAge = v },
                "Age of a file after which the next one begins.")
            .Key("keep", new SizeShape(SizeShape.MiB, 16_384 * SizeShape.GiB), o => o.Keep, (o, v) => o with { Keep = v },
                "Size of a venue's files beyond which the oldest are deleted. Of a topic its retention says that.")
            .Rule(["rotateSize", "keep"], KeepsAFile);

    private static IEnumerable<Breach> KeepsAFile(RecordOptions record)
    {
        if (record.Keep < record.RotateSize)
        {
            yield return new Breach("keep", "less than one file is kept", "write more than rotateSize");
        }
    }
}
