namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>Something a venue's book goes through.</summary>
/// <param name="Fault">The fault as the control port takes it.</param>
/// <param name="Figure">The figure of the books that tells of it, and by how much it grows at least.</param>
/// <param name="LosesBook">Whether the book is to be struck by a lost update too, so that the fault has something to strike.</param>
internal sealed record BookTrouble(string Fault, (string Name, string Detail, int By) Figure, bool LosesBook = false);
