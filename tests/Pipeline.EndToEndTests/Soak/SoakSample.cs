namespace Pipeline.EndToEndTests.Soak;

/// <summary>What a process uses at one moment.</summary>
/// <param name="Seconds">Since the run began.</param>
/// <param name="Resident">Working set, bytes.</param>
/// <param name="Heap">Managed heap after the last collection, bytes; 0 of a process that does not tell.</param>
/// <param name="Handles">Files and sockets open.</param>
/// <param name="Threads">Threads, the runtime's and the Kafka client's among them.</param>
/// <param name="Frames">Frames received since its start; 0 of a process that does not tell.</param>
internal sealed record SoakSample(double Seconds, long Resident, long Heap, int Handles, int Threads, long Frames);
