import { sre24 } from '../src/services/sre24/sre24.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSre24Api extends credential(sre24) {}
