// Judges manifests as a cluster would at its door: whether they decode strictly into Kubernetes' own types, and whether pods keep a level
// of the Pod Security Standards, by the evaluator that the API server itself has. Reads one JSON document a line; writes one line a fault.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	kjson "sigs.k8s.io/json"
)

// What may be in a bundle; other kinds are those of operators.
var kinds = map[string]func() any{
	"v1/Namespace":                           func() any { return &corev1.Namespace{} },
	"v1/ServiceAccount":                      func() any { return &corev1.ServiceAccount{} },
	"v1/ConfigMap":                           func() any { return &corev1.ConfigMap{} },
	"v1/Service":                             func() any { return &corev1.Service{} },
	"v1/PersistentVolumeClaim":               func() any { return &corev1.PersistentVolumeClaim{} },
	"apps/v1/Deployment":                     func() any { return &appsv1.Deployment{} },
	"batch/v1/CronJob":                       func() any { return &batchv1.CronJob{} },
	"networking.k8s.io/v1/Ingress":           func() any { return &networkingv1.Ingress{} },
	"networking.k8s.io/v1/NetworkPolicy":     func() any { return &networkingv1.NetworkPolicy{} },
	"policy/v1/PodDisruptionBudget":          func() any { return &policyv1.PodDisruptionBudget{} },
	"autoscaling/v2/HorizontalPodAutoscaler": func() any { return &autoscalingv2.HorizontalPodAutoscaler{} },
}

func podOf(object any) (*metav1.ObjectMeta, *corev1.PodSpec) {
	switch one := object.(type) {
	case *appsv1.Deployment:
		return &one.Spec.Template.ObjectMeta, &one.Spec.Template.Spec
	case *batchv1.CronJob:
		return &one.Spec.JobTemplate.Spec.Template.ObjectMeta, &one.Spec.JobTemplate.Spec.Template.Spec
	}
	return nil, nil
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	pods, decoded := 0, 0
	for lines.Scan() {
		var about metav1.PartialObjectMetadata
		if err := json.Unmarshal(lines.Bytes(), &about); err != nil {
			fmt.Printf("no manifest: %v\n", err)
			continue
		}
		name := about.Kind + " " + about.Name
		make, known := kinds[about.APIVersion+"/"+about.Kind]
		if !known {
			continue
		}
		object := make()
		strict, err := kjson.UnmarshalStrict(lines.Bytes(), object)
		if err != nil {
			fmt.Printf("%s: %v\n", name, err)
			continue
		}
		for _, fault := range strict {
			fmt.Printf("%s: %v\n", name, fault)
		}
		decoded++
		meta, spec := podOf(object)
		if spec == nil {
			continue
		}
		pods++
		for _, result := range evaluator.EvaluatePod(level, meta, spec) {
			if !result.Allowed {
				fmt.Printf("%s: %s: %s\n", name, result.ForbiddenReason, result.ForbiddenDetail)
			}
		}
	}
	fmt.Fprintf(os.Stderr, "%d decoded, %d pods judged\n", decoded, pods)
}
