# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From raw files to the question of the plateau
#
# A drug, D-cycloserine (DCS), is given with sessions of exposure therapy. Pooled individual data say that it adds a
# little to their effect ([Mataix-Cols et al. 2017](https://doi.org/10.1001/jamapsychiatry.2016.3955)). A second
# analysis of them reported that more doses went with a better outcome, and that this leveled off at nine doses
# ([Rosenfield et al. 2019](https://doi.org/10.1016/j.janxdis.2019.102149)). This page goes the whole way from raw
# trial files to that question, and to what a collection of such trials can and cannot say of it.
#
# **All participants are simulated.** The designs follow published trials (number of people, doses, visits,
# instruments, and the disorder of their files); nobody took part. Nothing here is evidence about the drug, and
# nothing is for treating patients.
#
# Who comes from R or Stata will find the parts of a one-stage and a two-stage IPD meta-analysis under their usual
# names. Results are not typed into the text: each is printed by the code beside it.

# %%
import tempfile
import textwrap
from dataclasses import replace
from pathlib import Path

import pandas as pd

import ipdma as im
from ipdma.cli import main

# %matplotlib inline
# %config InlineBackend.figure_formats = ["svg"]


def ipdma(*words):
    """Run one command, as in a terminal: ``ipdma("scan", file)`` is ``ipdma scan file``."""
    assert main([str(word) for word in words]) == 0


def say(sentence):
    """Print a long sentence in lines."""
    print(textwrap.fill(sentence, 110))


# %% [markdown]
# ## 1. Raw files and recipes
#
# `ipdma demo DIR` writes the worked consortium and runs it to its report. Here only its files are wanted; the rest is
# done step by step.

# %%
project = Path(tempfile.mkdtemp()) / "consortium"
ipdma("demo", project, "--only-files", "--quiet")
print(*sorted(path.name for path in (project / "raw").iterdir()), sep="\n")

# %% [markdown]
# The files are as trialists send them: SPSS, Stata, Excel, CSV; wide and long; items or totals. `scan` prints a
# codebook of a file before anything is decided about it. Counts under five are hidden, so that the codebook may be
# passed on.

# %%
ipdma("scan", project / "raw" / "sim_03_long.dta")

# %% [markdown]
# `grp` is 0 for the drug and 1 for placebo. Who took 1 for the treatment, out of habit, would turn the trial's effect
# round. What the file means is therefore written down in a *recipe*, a text file with comments that the trialist can
# read and sign; nothing is guessed.

# %%
print((project / "recipes" / "sim_03.yaml").read_text(encoding="utf-8"))

# %% [markdown]
# `harmonize` applies all recipes. If anything does not fit (a code without a meaning, a score outside its scale, a
# missing column), it stops and lists every such place at once.

# %%
private = project / "private"
consortium = im.harmonize(
    project / "raw",
    recipes=project / "recipes",
    trials=project / "trials.csv",
    corrections=private / "corrections",  # errors of typing that a trialist confirmed; raw files stay as they came
)
print(consortium)
trials = consortium.tables["trials"].dropna(subset="why_none")
for _, row in trials.iterrows():
    print(f"{row['trial']}: {row['n_randomized']} people randomized; {row['why_none']}")

# %% [markdown]
# The map of what each trial gives. A cross stands where its recipe says that nobody recorded it; a circle where the
# recipe says nothing.

# %%
shown = {
    ("participants", "age_years"),
    ("participants", "sex"),
    ("participants", "antidepressant_baseline"),
    ("participants", "randomized_on"),
    ("arms", "dose"),
    ("arms", "number_of_doses"),
    ("arms", "timing_min"),
    ("sessions", "timing_min"),
}
status = consortium.status
status = status[[place in shown for place in zip(status["table"], status["column"], strict=True)]]
status = status.assign(variable=status["table"] + ": " + status["column"].str.replace("_", " "))
im.plots.availability(status).figure

# %% [markdown]
# Where does a value come from? `explain` follows one cell back to the file, its row, and the line of the recipe. It
# prints a participant's values, so it is for whoever holds the raw files.

# %%
im.write_consortium(consortium, private / "harmonized")
someone = consortium.tables["participants"].query("trial == 'sim_03'")["participant_id"].iloc[0]
key = ("trial=sim_03", f"participant_id={someone}")
ipdma("explain", project, "participants", "arm", *key)
ipdma("explain", project, "assessments", "value", *key, "visit=w0")
ipdma("explain", project, "assessments", "value", *key, "visit=w13")

# %% [markdown]
# ## 2. The question
#
# The question stands in a file, `analysis.yaml`, so that it can be registered before anybody looks at outcomes. The
# same can be written in Python (`im.Estimand`, `im.OneStage`, `im.Analysis`).

# %%
print((project / "analysis.yaml").read_text(encoding="utf-8"))

# %%
file = im.read_analysis(project / "analysis.yaml")
plain = im.Analysis.from_yaml(project / "analysis.yaml", consortium)  # its first model: no curve
print(plain)

# %% [markdown]
# The population is everybody randomized; arms with another treatment are set aside. Who is left out of the
# likelihood, and why, is known before any model is fitted:

# %%
for note in plain.design.notes:
    say(note)
flow = im.summaries.flow(plain.design)
print(f"\n{flow.drop(columns='label').to_string(index=False)}")

# %% [markdown]
# Every trial has its own intercept, slope on baseline and residual SD; only the treatment effect is shared (random
# effects, SD tau). Priors are stated in units of `s`, the pooled baseline SD, and printed above. Modifiers are
# centered at their trial's mean, so that the interaction is one *within* trials; differences *between* trials do not
# leak into it.

# %% [markdown]
# ## 3. The headline: no curve
#
# The headline is the plain model. It rests on randomization alone: no term in it compares one trial with another.

# %%
headline = im.fit(plain, seed=1)
print(headline)

# %% [markdown]
# Beside it stands the two-stage analysis: in each trial an analysis of covariance of the outcome on arm and baseline;
# then the trials' estimates pooled by REML with the (modified) Hartung-Knapp interval, as `metafor` or Stata's `meta`
# would do it, and once more by Bayesian integration. Effects are differences between the drug and placebo; as higher
# scores are worse, below zero is better.

# %%
two_stage = im.fit_two_stage(plain.design)
summary = im.summaries.summarize(plain=headline, two_stage=two_stage, simulated=True)
axis = im.plots.EffectAxis.of(summary)


def estimate(numbers, digits=2):
    """Mean with its 95 % interval."""
    return f"{numbers['mean']:.{digits}f} ({numbers['q2.5']:.{digits}f} to {numbers['q97.5']:.{digits}f})"


pooled, reml = summary["pooled_effect"], summary["two_stage"]
low, high = reml["ci_hartung_knapp"]
print(f"unit                     {summary['unit']}, {summary['direction'].replace('_', ' ')}")
print(f"one-stage                {estimate(pooled)}")
print(f"two-stage, REML          {reml['estimate']:.2f} ({low:.2f} to {high:.2f}, Hartung-Knapp)")
print(f"two-stage, Bayesian      {estimate(summary['bayes_two_stage']['pooled_effect'])}")
print(f"tau                      {estimate(summary['tau'])}")
print(f"effect in a new trial    {estimate(summary['new_trial_effect'])}")

# %%
forest = im.plots.forest(
    im.summaries.trial_effects(headline),
    pooled=pooled,
    new_trial=summary["new_trial_effect"],
    two_stage=reml,
    axis=axis,
).figure
forest.savefig(project / "forest.svg", metadata={"Date": None})  # the figure of the README
forest

# %% [markdown]
# Squares are the trials' own estimates, dots their effects in the model, drawn toward the pooled effect by as much as
# tau and their size demand. The dotted line is the effect to be expected in a new trial; it is the one to look at
# before the result is carried to another place.

# %% [markdown]
# ## 4. The curve, and what stands behind it
#
# The plateau curve is zero at no dose, grows in proportion to the number of doses, and stays where it is from `kappa`
# doses on. `kappa` may lie beyond the largest number of doses that any trial gave; the curve then does not level off
# within what was seen. Whether it does is thus a question put to the data, not an assumption.

# %%
models = [model for model in file.models if model.main is not None]
plateau, linear = (im.fit(plain.with_model(model), seed=1) for model in models)
logarithmic = im.fit(plain.with_model(replace(models[0], main=im.curves.Log("number_of_doses"))), seed=1)
print(plateau)

# %%
under = im.summaries.claim_refits(plateau)  # the same under priors half and twice as wide
beside = [plateau, linear, logarithmic]
summary = im.summaries.summarize(plain=headline, beside=beside, claim_under=under, two_stage=two_stage, simulated=True)
points = im.summaries.curve_points(plateau, "number_of_doses")
words, reference = {"variable": "number of doses"}, summary["curves"][0]["reference"]
im.plots.curve(points, **words, reference=reference, axis=axis).figure

# %% [markdown]
# Below the curve: how many trials and people had exactly this number of doses. In numbers:

# %%
seen = points[points["trials"] > 0][["x", "trials", "participants"]].rename(columns={"x": "number of doses"})
print(seen.to_string(index=False, float_format="{:g}".format))
early, late = summary["claim"]["early"], summary["claim"]["late"]
far = seen[seen["number of doses"] >= late[0]]
print(
    f"\n{late[0]:g} doses or more: {far['trials'].sum()} of {summary['trials']} trials, "
    f"{far['participants'].sum()} of {seen['participants'].sum()} people who had the drug"
)
nine = next(row for row in summary["contrasts"] if row["name"] == "nine against five doses")
print(f"{nine['name']}: {estimate(nine['effect'])}, from {nine['trials_a']} trials against {nine['trials_b']}")
arms = plateau.design.arms
differ = (arms.groupby("trial")["number_of_doses"].nunique() > 1).sum()
print(f"trials whose arms differ in the number of doses: {differ}")

# %% [markdown]
# The number for nine doses comes from the curve's shape and from trials with fewer or more. Number of doses differs
# between trials only: the curve compares *trials*, and those with many doses differ from those with few in
# diagnosis, year, dose, timing and everything else.

# %% [markdown]
# ## 5. Does it level off?
#
# One claim, stated in `analysis.yaml` beforehand, is put into words. Gain per dose is taken over an early and a late
# stretch; *not rising* means that the late gain is less than a quarter of the early one. The prior of `kappa` is such
# that not rising is as likely as rising before the data. There are five answers:
#
# - `no_effect`: the interval of the effect at the reference includes zero, so there is nothing whose shape could be
#   asked.
# - `supported`: it levels off or falls.
# - `contradicted`: it goes on growing.
# - `cannot_tell`: neither is likely enough.
# - `cannot_answer`: the curve is one that cannot level off (linear, log).
#
# The limits between these answers are fixed in `ipdma/summaries/claim.py`; how often each answer is wrong, counted in
# simulations, stands in `tests/recovery/claim_error_rates.txt`.

# %%
claim = summary["claim"]
print(f"early {early[0]:g} to {early[1]:g} doses, late {late[0]:g} to {late[1]:g} doses")
print(f"answer: {claim['statement']}\n")
say(claim["sentence"])

# %%
print(f"P(not rising): {claim['prior_probability']:.2f} before the data, {claim['posterior_probability']:.2f} after")
for row in claim["under_priors"]:
    print(f"  with {row['priors']} priors {row['posterior_probability']:.2f}: {row['statement']}")

# %% [markdown]
# What can be said beside the answer, as numbers (a gain below zero is a gain):

# %%
own = summary["curves"][0]
for gain in own["gains"]:
    stretch = f"gain from {gain['from']:g} to {gain['to']:g} doses"
    print(f"{stretch:27} {estimate(gain['effect'])}")
print(f"kappa                       {estimate(own['parameters']['kappa'])}")
print(f"P(kappa beyond the range)   {own['beyond_observed']:.2f}")
print(f"n95                         {estimate(own['n95'], 1)} doses")
say(own["n95_caution"])

# %% [markdown]
# This curve cannot fall. That the interval of a gain keeps to one side of zero is the curve's doing, not the data's.
#
# `n95` is the number of doses that gives 95 % of the largest effect within the range. It looks like an answer ("so
# many doses are enough") and is none: the sentence printed with it says how likely such a value was before any data.
#
# Since the data are simulated, one may look up what they were made from. No analysis reads this file:

# %%
truth = (project / "truth.yaml").read_text(encoding="utf-8").splitlines()
print(*(line.strip() for line in truth if line.strip().startswith(("effect: -", "tau:", "kappa:"))), sep="\n")
print(f"\nkappa estimated  {estimate(own['parameters']['kappa'])}\nanswer           {claim['statement']}")

# %% [markdown]
# The truth levels off at the number of doses that the literature names, and the answer is that the data cannot tell.
# This is no failure of the method; it is what trials of this number, size and design contain. A sentence such as
# "levels off at nine" from data like these would say more than they do.

# %% [markdown]
# ### Other curves
#
# A linear and a logarithmic curve over the same trials. They share with the plateau that the effect is zero at no
# dose.

# %%
fits = {"plateau": plateau, "linear": linear, "log": logarithmic}
curves = pd.concat(im.summaries.curve_points(fit, "number_of_doses").assign(curve=name) for name, fit in fits.items())
im.plots.side_by_side(curves, **words, reference=reference, axis=axis).figure

# %% [markdown]
# Which of them foretells a trial it has not seen? Each trial is left out in turn; a difference smaller than twice its
# standard error decides nothing. No weights are made of these scores.

# %%
comparison = summary["curve_comparison"]
print(pd.DataFrame(comparison["curves"]).drop(columns="variable").round(2).to_string(index=False, na_rep=""))
say(comparison["sentence"])

# %% [markdown]
# What these (simulated) data say, and how firmly:
#
# - The drug adds to the effect of the sessions. That is the headline; it rests on randomization within trials.
# - Trials with more doses show larger effects: a model without a curve foretells a new trial worse. That compares
#   trials. It does not say that the doses are the cause.
# - Where the gain ends, at nine doses, later or never, they cannot tell: neither the claim nor the comparison of
#   curves says so.
#
# ### The control arms
#
# What more sessions do by themselves must not be taken for the drug's. It stays in each trial's intercept; here is
# the change in the control arms, over the number of doses of the active arms.

# %%
arm = summary["control_arm"][0]
line = pd.DataFrame([{**point, "low": point["ci"][0], "high": point["ci"][1]} for point in arm["points"]])
say(arm["sentence"])
im.plots.control_arm(line, pd.DataFrame(arm["trial_points"]), **words, axis=axis).figure

# %% [markdown]
# ## 6. What the answer rests on
#
# Other priors of tau, for the headline. Models of the same structure are not compiled again.

# %%
priors = (im.priors.HalfNormal(im.priors.Sd(0.25)), im.priors.HalfNormal(im.priors.Sd(1.0)))
checks = im.sensitivity.run(headline, [im.sensitivity.TauPrior(priors=priors)])
print(checks)

# %% [markdown]
# And the trial with the most doses, which holds up the far end of the curve alone or nearly so, left out:

# %%
most = arms.loc[arms["number_of_doses"].idxmax()]
without = im.fit(plateau.analysis.leave_out(most["trial"]), seed=1, tune=400)
left_out = im.summaries.summarize(plain=headline, beside=[without])["claim"]
for name, told in (("all trials", claim), (f"without {most['trial']}", left_out)):
    print(f"{name:16} P(not rising) {told['posterior_probability']:.2f}, answer {told['statement']}")
print(f"{most['trial']}: {most['number_of_doses']:g} doses, {most['n']} people in this arm")

# %% [markdown]
# `ipdma sensitivity` runs the whole list: each trial left out in turn, priors, curves, the metric, restrictions by
# risk of bias, and any change of `analysis.yaml`.
#
# ## 7. The report
#
# The report is one HTML file in the order of PRISMA-IPD; it needs no network, and what a reader must be warned of
# comes first. For a project folder, `ipdma run` writes it with tables, figures and the hash of every input.

# %%
report = im.write_report(
    project / "report.html",
    headline,
    *beside,
    checks,
    title="DCS with exposure sessions (simulated trials)",
    claim_under=under,
    simulated=True,
)
print(f"{report.name}: {report.stat().st_size / 1024:.0f} KiB")

# %% [markdown]
# How to cite the package and the methods that were used:

# %%
ipdma("cite", project)

# %% [markdown]
# ## What must not be concluded
#
# - *That the drug works, or how well.* The participants are simulated.
# - *That more doses cause a larger effect.* Within no trial were people randomized to different numbers of doses. The
#   curve compares trials and is observational; so are the curves of dose and timing.
# - *That the gain levels off at some number of doses*, where the answer is `cannot_tell`; nor that it does not.
#   Neither `n95` nor the bend of a drawn curve is an answer.
# - *What one person should receive.* Estimates describe groups in trials.
#
# What could answer it: trials that randomize between numbers of doses, or outcomes taken after every session, which
# compare the arms within each trial after one, two, three doses.
