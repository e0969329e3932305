namespace Pipeline.Host.Doctor;

/// <summary>What a check came to.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>It runs, and not as well as it should.</summary>
    Warning,

    /// <summary>It cannot run like this.</summary>
    Failed,

    /// <summary>It could not be looked at; the message says why.</summary>
    NotChecked,
}
